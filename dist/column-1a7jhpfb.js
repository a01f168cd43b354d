import{wr,ms}from"./main-cgpcaqwb.js";export{ms as parquetHeader,wr as readColumn};
