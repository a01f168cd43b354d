import{Rr,ct,U,ve}from"./main-mj1r2k19.js";export{ve as convertMetadata,Rr as defaultInitialFetchSize,ct as parquetMetadataAsync,U as parquetSchema};
