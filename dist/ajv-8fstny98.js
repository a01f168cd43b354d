import{$t}from"./main-50bh08s8.js";export default $t();
