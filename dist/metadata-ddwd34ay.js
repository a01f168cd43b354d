import{ys,Nt,J,Fe}from"./main-qkkev6r0.js";export{Fe as convertMetadata,ys as defaultInitialFetchSize,Nt as parquetMetadataAsync,J as parquetSchema};
