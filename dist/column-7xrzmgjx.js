import{GA,Bn}from"./main-bczepj5b.js";export{Bn as parquetHeader,GA as readColumn};
