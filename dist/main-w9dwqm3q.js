import{yr,Er,wr,Ir,Br}from"./main-614vdsz2.js";import{e}from"./main-881s7q4x.js";var hr=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=yr(),o=Er(),u=wr(),c=Ir(),t=Br(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{hr};
