import{St}from"./main-xq97cfbv.js";export default St();
