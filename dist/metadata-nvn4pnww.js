import{bn,Vt,ee,Le}from"./main-njtrmsdw.js";export{Le as convertMetadata,bn as defaultInitialFetchSize,Vt as parquetMetadataAsync,ee as parquetSchema};
