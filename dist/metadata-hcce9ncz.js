import{Bn,Kt,Z,Qe}from"./main-6d0edzss.js";export{Qe as convertMetadata,Bn as defaultInitialFetchSize,Kt as parquetMetadataAsync,Z as parquetSchema};
