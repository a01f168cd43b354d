import{We,uA}from"./main-1n44dgq8.js";export{uA as parquetHeader,We as readColumn};
