import{Cr,gs}from"./main-2nph3vr0.js";export{gs as parquetHeader,Cr as readColumn};
