var d={orange:"#E69F00",skyBlue:"#56B4E9",green:"#009E73",blue:"#0072B2",vermillion:"#D55E00",purple:"#CC79A7",black:"#1A1A1A",grey:"#8A8A8A"},he={silent_failure:d.purple,error_spike:d.vermillion,traffic_drop:d.blue,traffic_surge:d.skyBlue,latency_surge:d.orange,outlier:d.green},xe={critical:d.vermillion,high:d.orange,medium:d.skyBlue,low:d.grey};
export{d,he,xe};
