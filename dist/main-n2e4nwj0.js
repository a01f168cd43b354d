var p={orange:"#E69F00",skyBlue:"#56B4E9",green:"#009E73",blue:"#0072B2",vermillion:"#D55E00",purple:"#CC79A7",black:"#1A1A1A",grey:"#8A8A8A"},he={silent_failure:p.purple,error_spike:p.vermillion,traffic_drop:p.blue,traffic_surge:p.skyBlue,latency_surge:p.orange,outlier:p.green},xe={critical:p.vermillion,high:p.orange,medium:p.skyBlue,low:p.grey};
export{p,he,xe};
