import{Yt,$r}from"./main-z864kxzg.js";export{$r as parquetHeader,Yt as readColumn};
