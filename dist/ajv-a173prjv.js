import{It}from"./main-6zphm3fp.js";export default It();
