function We(e){return e.catch(()=>{return}),e}
export{We};
