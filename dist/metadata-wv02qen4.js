import{hs,jt,V,De}from"./main-ajhcnvt6.js";export{De as convertMetadata,hs as defaultInitialFetchSize,jt as parquetMetadataAsync,V as parquetSchema};
