import{Qe,on}from"./main-dnd0360c.js";import"./main-g9j4bqnf.js";import"./main-z6swxm42.js";export{Qe as StateError,on as parseState};
