import{Br,gs}from"./main-akxytzd5.js";export{gs as parquetHeader,Br as readColumn};
