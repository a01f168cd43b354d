import{gr,yr,br,wr,Ir}from"./main-hn9wkkmz.js";import{e}from"./main-881s7q4x.js";var mr=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=gr(),o=yr(),u=br(),c=wr(),t=Ir(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{mr};
