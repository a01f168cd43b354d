import{Cr,gs}from"./main-9q5enzcq.js";export{gs as parquetHeader,Cr as readColumn};
