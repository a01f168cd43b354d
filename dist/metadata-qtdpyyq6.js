import{Hr,ht,z,be}from"./main-pqsr28c4.js";export{be as convertMetadata,Hr as defaultInitialFetchSize,ht as parquetMetadataAsync,z as parquetSchema};
