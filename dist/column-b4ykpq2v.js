import{Lt,Dr}from"./main-yyeexq8t.js";export{Dr as parquetHeader,Lt as readColumn};
