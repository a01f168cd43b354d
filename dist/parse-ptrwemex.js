import{Qe,on}from"./main-22yc858q.js";import"./main-d7ybhmp5.js";import"./main-4thfwxz5.js";export{Qe as StateError,on as parseState};
