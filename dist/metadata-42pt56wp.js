import{jA,be,S,Z}from"./main-cx0g1x3m.js";export{Z as convertMetadata,jA as defaultInitialFetchSize,be as parquetMetadataAsync,S as parquetSchema};
