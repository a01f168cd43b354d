import{Lt,Dr}from"./main-gya0avj5.js";export{Dr as parquetHeader,Lt as readColumn};
