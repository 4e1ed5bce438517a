//! Where people are away, come back from, come from.

use crate::dice::Dice;
use crate::words::Transport;

/// A place outside the town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    pub name: &'static str,
    /// In the affected area of early 2020: who was there is a key person.
    pub affected: bool,
    ways: &'static [(Transport, u32)],
}

const NEAR: &[(Transport, u32)] = &[(Transport::Car, 60), (Transport::Coach, 35), (Transport::Train, 5)];
const PROVINCE: &[(Transport, u32)] = &[(Transport::Train, 50), (Transport::Car, 30), (Transport::Coach, 20)];
const FAR: &[(Transport, u32)] = &[(Transport::Train, 70), (Transport::Car, 18), (Transport::Plane, 12)];

const fn elsewhere(name: &'static str, ways: &'static [(Transport, u32)]) -> Elsewhere {
    Elsewhere { name, affected: false, ways }
}

const fn affected(name: &'static str) -> Elsewhere {
    Elsewhere { name, affected: true, ways: FAR }
}

/// Where people of the town work and study, and how many of a thousand.
const CITIES: [(Elsewhere, u32); 20] = [
    (elsewhere("山西省临汾市尧都区", NEAR), 190),
    (elsewhere("山西省太原市", PROVINCE), 250),
    (elsewhere("陕西省西安市", PROVINCE), 130),
    (elsewhere("北京市", FAR), 100),
    (elsewhere("山西省运城市", NEAR), 60),
    (elsewhere("天津市", FAR), 40),
    (elsewhere("河南省郑州市", FAR), 40),
    (elsewhere("上海市", FAR), 30),
    (elsewhere("江苏省苏州市", FAR), 30),
    (elsewhere("广东省深圳市", FAR), 25),
    (elsewhere("浙江省杭州市", FAR), 20),
    (elsewhere("山西省晋中市", PROVINCE), 20),
    (elsewhere("内蒙古自治区鄂尔多斯市", FAR), 15),
    (elsewhere("广东省东莞市", FAR), 10),
    (elsewhere("四川省成都市", FAR), 10),
    (affected("湖北省武汉市"), 18),
    (affected("湖北省孝感市"), 4),
    (affected("湖北省黄冈市"), 3),
    (affected("湖北省襄阳市"), 3),
    (affected("湖北省宜昌市"), 2),
];

/// Where lodgers are registered and visitors come from.
const COUNTIES: [&str; 10] = [
    "山西省临汾市洪洞县",
    "山西省临汾市乡宁县",
    "山西省临汾市浮山县",
    "山西省临汾市汾西县",
    "山西省临汾市曲沃县",
    "山西省运城市新绛县",
    "山西省运城市稷山县",
    "陕西省延安市宜川县",
    "河南省三门峡市灵宝市",
    "四川省达州市宣汉县",
];

pub(crate) fn city(dice: &mut Dice) -> Elsewhere {
    dice.weigh(&CITIES)
}

pub(crate) fn county(dice: &mut Dice) -> &'static str {
    dice.pick(&COUNTIES)
}

/// How one comes back from a place, and the train, flight or plate as it is written on the form.
/// Plates carry the letter O after the city's and trains the number 0, which are never issued.
pub(crate) fn trip(dice: &mut Dice, from: Elsewhere) -> (Transport, String) {
    let way = dice.weigh(from.ways);
    let digits = dice.below(1_000);
    let trip = match way {
        Transport::Train => format!("{}0{digits:03}", dice.pick(&["K", "D", "T"])),
        Transport::Plane => format!("MU0{digits:03}"),
        Transport::Car | Transport::Coach => format!("晋LO{digits:03}{}", dice.below(10)),
    };
    (way, trip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cities_add_up_to_a_thousand() {
        assert_eq!(CITIES.iter().map(|row| row.1).sum::<u32>(), 1_000);
    }

    #[test]
    fn nobody_flies_from_the_next_county() {
        let mut dice = Dice::of(3, &[]);
        assert!((0..300).all(|_| trip(&mut dice, CITIES[0].0).0 != Transport::Plane));
    }
}
