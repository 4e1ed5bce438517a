demo-title = 演示：您想以谁的身份进来看看？
demo-about = 襄陵镇 29 个村是真的，人和数据都是虚构的。点一个岗位就进去，随便改，改坏了没关系。
demo-come-in = 进去看
demo-real-title = 给自己的镇用
demo-real = 先停下演示，再在命令行里运行这一句，照提示做：
demo-other = 演示：换一个身份进去
