import{Ne,or}from"./main-jnnyv8ct.js";import"./main-cpv8g7jh.js";import"./main-0nqxbecg.js";export{Ne as StateError,or as parseState};
