import{ys,Nt,Y,Fe}from"./main-6pcab7hp.js";export{Fe as convertMetadata,ys as defaultInitialFetchSize,Nt as parquetMetadataAsync,Y as parquetSchema};
