import{xt}from"./main-z6swxm42.js";export default xt();
