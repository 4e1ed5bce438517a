place-my-households = 我的户
place-round = 每日排查
