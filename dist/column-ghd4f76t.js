import{Lt,Rr}from"./main-2vwm3e0y.js";export{Rr as parquetHeader,Lt as readColumn};
