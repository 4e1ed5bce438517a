demo-title = 演示：您想以誰的身份進來看看？
demo-about = 襄陵鎮 29 個村是真的，人和數據都是虛構的。點一個崗位就進去，隨便改，改壞了沒關係。
demo-come-in = 進去看
demo-real-title = 給自己的鎮用
demo-real = 先停下演示，再在命令列裡執行這一句，照提示做：
demo-other = 演示：換一個身分進去
