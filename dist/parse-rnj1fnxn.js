import{Pe,Er}from"./main-gpesdm76.js";import"./main-mjpw3t3j.js";import"./main-vzmrkmrv.js";export{Pe as StateError,Er as parseState};
