import{Rr,ct,U,ve}from"./main-appq1pet.js";export{ve as convertMetadata,Rr as defaultInitialFetchSize,ct as parquetMetadataAsync,U as parquetSchema};
