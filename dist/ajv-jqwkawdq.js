import{Ht}from"./main-vzmrkmrv.js";export default Ht();
