import{Ct}from"./main-e5w74z26.js";import"./main-zh160dxa.js";import"./main-74j3t5de.js";export default Ct();
