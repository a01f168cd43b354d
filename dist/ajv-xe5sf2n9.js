import{xt}from"./main-q8xte4r2.js";export default xt();
