demo-title = Demonstration: who would you like to be?
demo-about = The town of Xiangling and its 29 villages are real, its people and figures are made up. Choose a role and try anything; nothing can be broken.
demo-come-in = Come in
demo-real-title = For your own town
demo-real = Stop the demonstration, run this in a terminal and follow what it says:
demo-other = Demonstration: come in as somebody
