import{Qe,on}from"./main-9feaybn9.js";import"./main-wq5700p8.js";import"./main-q8xte4r2.js";export{Qe as StateError,on as parseState};
