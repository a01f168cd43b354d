function ze(e){return e.catch(()=>{return}),e}
export{ze};
