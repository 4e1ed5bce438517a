place-my-households = 我的户
place-round = 每日排查
place-divisions = 村和组
place-households = 户册
