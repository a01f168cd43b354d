import{ys,Nt,Y,Fe}from"./main-3jj2xvqt.js";export{Fe as convertMetadata,ys as defaultInitialFetchSize,Nt as parquetMetadataAsync,Y as parquetSchema};
