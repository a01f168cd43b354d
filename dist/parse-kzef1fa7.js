import{Qe,on}from"./main-bxeahc74.js";import"./main-g9j4bqnf.js";import"./main-z6swxm42.js";export{Qe as StateError,on as parseState};
