place-my-households = My households
place-round = Daily round
