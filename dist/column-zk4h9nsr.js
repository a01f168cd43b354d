import{We,uA}from"./main-mt42jg0c.js";export{uA as parquetHeader,We as readColumn};
