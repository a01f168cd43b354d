import{It}from"./main-ekcnm0q9.js";export default It();
