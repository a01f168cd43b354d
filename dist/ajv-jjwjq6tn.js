import{It}from"./main-1kaxp590.js";export default It();
