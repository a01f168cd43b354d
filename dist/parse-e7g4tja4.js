import{Te,nn}from"./main-06r1ej12.js";import"./main-sh9ze5gd.js";import"./main-xq97cfbv.js";export{Te as StateError,nn as parseState};
