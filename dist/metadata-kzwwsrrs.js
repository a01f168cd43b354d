import{jA,be,S,Z}from"./main-mxd3zh24.js";export{Z as convertMetadata,jA as defaultInitialFetchSize,be as parquetMetadataAsync,S as parquetSchema};
