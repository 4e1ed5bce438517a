place-my-households = 我的戶
place-round = 每日排查
place-households = 戶冊
