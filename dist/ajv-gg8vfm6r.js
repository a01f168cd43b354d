import{Ft}from"./main-0nqxbecg.js";export default Ft();
