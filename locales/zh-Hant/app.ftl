place-my-households = 我的戶
place-round = 每日排查
place-divisions = 村和組
place-households = 戶冊
