import{PA,In}from"./main-kvstzkzg.js";export{In as parquetHeader,PA as readColumn};
