import{xt}from"./main-4thfwxz5.js";export default xt();
