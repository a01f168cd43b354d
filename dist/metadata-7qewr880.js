import{Mr,ct,U,ve}from"./main-bb47szt5.js";export{ve as convertMetadata,Mr as defaultInitialFetchSize,ct as parquetMetadataAsync,U as parquetSchema};
