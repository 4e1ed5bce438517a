place-my-households = My households
place-round = Daily round
place-divisions = Villages and teams
place-households = Households
