import{mr,hr,yr,Er,br}from"./main-p5msy1ty.js";import{e}from"./main-enpbb0f6.js";var pr=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=mr(),o=hr(),u=yr(),c=Er(),t=br(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{pr};
